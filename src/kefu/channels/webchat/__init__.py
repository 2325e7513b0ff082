"""Web chat: the widget and the chat page. What support says is not called out, it is watched."""
