"""How well the coach does on labelled cases: findings, questions, promises, false alarms on good replies."""
