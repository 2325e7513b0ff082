"""The one taxonomy: help-centre category, ticket type, chat menu and routing skill."""
