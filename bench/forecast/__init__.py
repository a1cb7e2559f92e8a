"""How good the projection is: a backtest on shared series, beside the libraries that people would take instead."""
