package incident

import (
	"encoding/json"
	"fmt"
	"time"
)

// The tags that keep an argument's type through storage.
const (
	tagText   = "s"
	tagNumber = "n"
	tagBool   = "b"
	tagPerson = "p"
	tagTime   = "t"
	tagDate   = "d"
	tagSpan   = "i" // a time.Duration
	tagSay    = "y"
	tagList   = "l"
)

// MarshalJSON keeps the type of each argument: a name is not a text and a
// person is not a string when it is rendered after a restart.
func (a Args) MarshalJSON() ([]byte, error) {
	out := make(map[string]map[string]any, len(a))
	for name, value := range a {
		tag, v, err := tagged(value)
		if err != nil {
			return nil, fmt.Errorf("argument %q: %w", name, err)
		}
		out[name] = map[string]any{tag: v}
	}
	return json.Marshal(out)
}

func tagged(value any) (string, any, error) {
	switch v := value.(type) {
	case string:
		return tagText, v, nil
	case int:
		return tagNumber, v, nil
	case bool:
		return tagBool, v, nil
	case PersonID:
		return tagPerson, v, nil
	case time.Time:
		return tagTime, v, nil
	case Civil:
		return tagDate, v, nil
	case time.Duration:
		return tagSpan, int64(v), nil
	case Say:
		return tagSay, v, nil
	case []Args:
		return tagList, v, nil
	default:
		return "", nil, fmt.Errorf("a %T cannot be an argument of a text", value)
	}
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Args) UnmarshalJSON(data []byte) error {
	var raw map[string]map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	*a = make(Args, len(raw))
	for name, one := range raw {
		for tag, body := range one {
			v, err := untagged(tag, body)
			if err != nil {
				return fmt.Errorf("argument %q: %w", name, err)
			}
			(*a)[name] = v
		}
	}
	return nil
}

func untagged(tag string, body json.RawMessage) (any, error) {
	switch tag {
	case tagText:
		return read[string](body)
	case tagNumber:
		return read[int](body)
	case tagBool:
		return read[bool](body)
	case tagPerson:
		return read[PersonID](body)
	case tagTime:
		return read[time.Time](body)
	case tagDate:
		return read[Civil](body)
	case tagSpan:
		return read[time.Duration](body)
	case tagSay:
		return read[Say](body)
	case tagList:
		return read[[]Args](body)
	default:
		return nil, fmt.Errorf("unknown type tag %q", tag)
	}
}

func read[T any](body json.RawMessage) (any, error) {
	var v T
	err := json.Unmarshal(body, &v)
	return v, err
}
