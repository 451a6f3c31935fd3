"""The exercise engine: it observes an answer and the reference on the same cases and says what differs."""
