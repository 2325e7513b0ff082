"""What was promised: clocks that run in working time, pause for the customer, warn, and are passed up when missed."""
