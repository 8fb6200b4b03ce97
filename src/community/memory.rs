//! A scripted community in memory, for tests of the engine and the screen.
