"""The half of the sandbox that runs with the student's code.

It is copied beside `shared/` into a folder that the student's user can read, and imports nothing else of the kit:
`jail` gives up privileges, `cells` runs the notebook, `service` forks for each check and answers its requests.
"""
