from django.apps import AppConfig


class Search(AppConfig):
    name = "kefu.system.search"
    label = "search"
