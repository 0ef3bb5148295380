//go:build race

package main

// withRaceDetector says that the tests run more slowly and hold more memory.
const withRaceDetector = true
