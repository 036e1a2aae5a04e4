"""What each step of the workflow does to an inquiry whose row is locked: one module for each subject.

Each function takes `(inquiry, user, details)`; `workflow.take` saves the inquiry afterwards. `user` is None for what the
investor or the clock does.
"""
