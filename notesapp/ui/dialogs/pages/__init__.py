"""The pages of the settings window. Each shows choices and writes them at once; there is no “Apply”."""
