"""The screens for people: who is here, sharing, joining, carets, the state of things between us."""
