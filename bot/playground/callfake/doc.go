// Package callfake stands in for Google Meet and Zoom: it gives out tokens to
// whoever proves who they are, makes rooms with them, keeps the providers' limits,
// and fails in every way that they have.
package callfake
