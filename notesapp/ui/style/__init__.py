"""How everything looks: tokens, fonts, icons, one palette and one generated style sheet."""
