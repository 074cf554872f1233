"""Fast methods behind some references: for the grader and the benchmark, not for the lesson."""
