"""The audit: do the checks of an assignment tell wrong answers from right ones?

The way of the data, which run.py follows from step to step:

    answers.py    a bank's answer → the cells of a notebook, as a student would have handed it in
    matrix.py     reference, blank, variants and mistakes of each question → the grade path of every submission
                  → what each check found → findings: what falls short, and what is for a person to judge
    mutants.py    --mutate: small changes of the reference → the checks of the question → survivors
    power.py      --power: many runs of the random checks → do their error rates hold, and do they catch the mistakes
    findings.py   what these found, as frozen data
    report.py     the same as text on the console and as JSON
    page.py       the same as a page (audit.html.jinja, audit.css)

Everything up to the findings is data; report.py and page.py only lay it out.
"""
