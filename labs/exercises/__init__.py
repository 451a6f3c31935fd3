"""The exercises and quiz questions, one module a lesson. `labs.checking.catalog` finds them."""
