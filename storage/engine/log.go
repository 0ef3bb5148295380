package engine

import (
	"context"
	"log/slog"
)

// warnings is a log for a library that tells how it is every few seconds: what it
// warns of is logged, the rest only where everything is.
type warnings struct{ slog.Handler }

// Enabled says whether somebody wants to read this.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return w.Handler.Enabled(ctx, level) && (level >= slog.LevelWarn || w.Handler.Enabled(ctx, slog.LevelDebug))
}

// WithAttrs keeps it so.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup keeps it so.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
