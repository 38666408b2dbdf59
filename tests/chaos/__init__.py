"""`make torture`: the promise about lost and doubled rows, broken on purpose at random moments, with a seed that is printed."""
