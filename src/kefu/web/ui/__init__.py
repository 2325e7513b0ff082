"""The design system: base templates, components, tokens, icons, template tags."""
