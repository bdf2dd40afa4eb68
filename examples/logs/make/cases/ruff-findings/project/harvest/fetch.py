"""Fetches fields from the farm's service."""
import json
import os


def fetch(name):
    with open(f"{name}.json") as file:
        fields = json.load(file)
    return [field for field in fields if field["area"] > minimum_area]
