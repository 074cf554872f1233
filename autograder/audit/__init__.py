"""The audit: do the checks of an assignment tell wrong answers from right ones?"""
