"""The bot: answers from published articles, asks one question back, or fetches a person."""
