"""The configuration of a proxy that serves both roots as this package would."""
