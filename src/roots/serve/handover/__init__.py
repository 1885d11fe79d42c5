"""Authorised media: a view says who may read a file, and somebody in front of it sends it."""
