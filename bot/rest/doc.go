// Package rest makes calls of other programs' HTTP APIs and judges how they ended.
//
// A call that may have arrived is told from one that certainly did not: only the
// latter may be repeated without looking. What an answer says is quoted one line at
// most; addresses and tokens stand in no error.
package rest
