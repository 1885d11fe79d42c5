from django.apps import AppConfig


class ShopConfig(AppConfig):
    """A plant shop: gardeners, plants and care guides, one kind of upload each."""

    name = "shop"
