package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/rollcall-bot/rollcall/incident/near"
)

// argument is what is given to a call without a flag.
type argument struct {
	name, help string
	take       func(word string) error // is given each word
	optional   bool
	many       bool // all that follow, one at least
}

// String is the argument as help shows it.
func (a argument) String() string {
	switch {
	case a.optional:
		return "[<" + a.name + ">]"
	case a.many:
		return "<" + a.name + "> ..."
	default:
		return "<" + a.name + ">"
	}
}

// word is an argument that is kept as it is.
func word(name, help string, to *string) argument {
	return argument{name: name, help: help, take: func(word string) error { *to = word; return nil }}
}

// keyArgument is the argument that names an incident.
func keyArgument(to *incidentKey) argument {
	return argument{name: "key", help: "Such as INC-7.", take: func(word string) error { return to.UnmarshalText([]byte(word)) }}
}

// take reads the words of a call.
func take(wanted []argument, words []string) error {
	for _, a := range wanted {
		if len(words) == 0 {
			if a.optional {
				return nil
			}
			return fmt.Errorf("expected %q", a)
		}
		for taken := false; len(words) > 0 && (!taken || a.many); taken = true {
			if err := a.take(words[0]); err != nil {
				return fmt.Errorf("%s: %w", a, err)
			}
			words = words[1:]
		}
	}
	if len(words) > 0 {
		return errors.New("unexpected argument " + words[0])
	}
	return nil
}

// noSuchCall refuses what is no call of the program.
func noSuchCall(all []call, name string) error {
	names := make([]string, len(all))
	for n, one := range all {
		names[n] = one.name
	}
	return errors.New("unexpected argument " + name + meant("", name, names))
}

// flagError says what is wrong with a flag.
func flagError(flags *pflag.FlagSet, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	if unknown.GetSpecifiedShortnames() != "" {
		return errors.New("unknown flag -" + unknown.GetSpecifiedName())
	}
	var names []string
	flags.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return errors.New("unknown flag --" + unknown.GetSpecifiedName() + meant("--", unknown.GetSpecifiedName(), names))
}

// meant asks whether a mistyped word was meant to be one of others.
func meant(before, typed string, others []string) string {
	nearest, found := near.Within(2, typed, others)
	if !found {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", before+nearest)
}

// helpWidth is how wide help is, in characters.
const helpWidth = 80

// helpOfAll is how the program is called.
func helpOfAll(all []call, flags *pflag.FlagSet) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: rollcall <command>\n\n%s\n\nFlags:\n%s\nCommands:\n",
		fill("Incident response in Slack. Settings come from the environment; docs/configuration.md lists them.", 0), flags.FlagUsagesWrapped(helpWidth))
	for _, one := range all {
		fmt.Fprintf(&b, "  %s\n    %s\n\n", one.form(), fill(one.help, 4))
	}
	b.WriteString("Run \"rollcall <command> --help\" for more information on a command.\n")
	return b.String()
}

// form is how a call is typed.
func (c call) form() string {
	form := c.name
	for _, a := range c.arguments() {
		form += " " + a.String()
	}
	if _, ok := c.do.(flagged); ok {
		form += " [flags]"
	}
	return form
}

// usage is how a call is called, and what it is for.
func (c call) usage(flags *pflag.FlagSet) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: rollcall %s\n\n%s\n", c.form(), fill(c.help, 0))
	wanted, wide := c.arguments(), 0
	for _, a := range wanted {
		wide = max(wide, utf8.RuneCountInString(a.String()))
	}
	if len(wanted) > 0 {
		b.WriteString("\nArguments:\n")
	}
	for _, a := range wanted {
		fmt.Fprintf(&b, "  %-*s   %s\n", wide, a, fill(a.help, wide+5))
	}
	fmt.Fprintf(&b, "\nFlags:\n%s", flags.FlagUsagesWrapped(helpWidth))
	return b.String()
}

// fill breaks a text into lines of helpWidth, of which all but the first are
// indented; the first begins as far in already.
func fill(text string, indent int) string {
	var b strings.Builder
	at := indent
	for n, w := range strings.Fields(text) {
		switch length := utf8.RuneCountInString(w); {
		case n == 0:
			at += length
		case at+1+length > helpWidth:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent + length
		default:
			b.WriteByte(' ')
			at += 1 + length
		}
		b.WriteString(w)
	}
	return b.String()
}

// oneOf is a flag that is one of a few words.
type oneOf struct {
	to *string
	of []string
}

func (o oneOf) String() string { return *o.to }

// Type is what help calls the value.
func (o oneOf) Type() string { return strings.Join(o.of, "|") }

// Set takes the value.
func (o oneOf) Set(value string) error {
	for _, one := range o.of {
		if value == one {
			*o.to = value
			return nil
		}
	}
	return errors.New("it must be one of " + strings.Join(o.of, ", "))
}
