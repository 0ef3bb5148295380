// Package standin holds what the stand-ins of outside services share: faults that
// are put in force on purpose, and the ledger of what was sent.
package standin
