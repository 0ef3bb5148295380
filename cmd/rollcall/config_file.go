package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fileReader reads YAML into tagged structs, strictly: an unknown key, a key given twice, an empty value or a value of the
// wrong kind is refused with its line. It walks the nodes itself, because a decoder into structs loses the lines.
type fileReader struct {
	name  string
	lines map[string]int // where each value stands, by its full path
}

// read takes one document; lists that it gives replace what was there, sections are filled in.
func (r *fileReader) read(content []byte, into *Practice) error {
	r.lines = map[string]int{}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var document, second yaml.Node
	err := decoder.Decode(&document)
	if errors.Is(err, io.EOF) {
		return nil // nothing but comments
	}
	if err == nil && !errors.Is(decoder.Decode(&second), io.EOF) {
		return &ConfigError{File: r.name, Why: "holds more than one document", Try: "remove the second --- and all below it"}
	}
	if err != nil {
		return &ConfigError{File: r.name, Why: fmt.Sprintf("is not YAML (%s)", strings.TrimPrefix(err.Error(), "yaml: ")), Try: "see docs/configuration.md for an example"}
	}
	root := document.Content[0]
	if root.Tag == "!!null" {
		return nil
	}
	return r.value(root, reflect.ValueOf(into).Elem(), "", "")
}

// value reads one node into one field, slice element or section; as is the kind of its scalars.
func (r *fileReader) value(n *yaml.Node, v reflect.Value, key, as string) error {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	r.lines[key] = n.Line
	if n.Style&yaml.TaggedStyle != 0 {
		return r.wrong(n, key, "has a tag ("+n.Tag+")", "write the value without it")
	}
	if kind, ok := fileKinds[as]; ok && kind.gives == v.Type() {
		return r.scalar(n, v, key, kind)
	}
	switch v.Kind() { //nolint:exhaustive // a field of another kind is a fault of ours, which a test finds
	case reflect.Struct:
		return r.section(n, v, key)
	case reflect.Slice:
		return r.list(n, v, key, as)
	}
	return r.wrong(n, key, fmt.Sprintf("cannot be read into a %s", v.Type()), "this is a fault of the program")
}

// scalar reads a single value. Numbers, dates and words such as yes are taken as they are written.
func (r *fileReader) scalar(n *yaml.Node, v reflect.Value, key string, kind anyKind) error {
	if n.Kind != yaml.ScalarNode {
		return r.wrong(n, key, "is "+shapeOf(n)+", not "+kind.noun, "try "+kind.try)
	}
	given := strings.TrimSpace(n.Value)
	if given == "" || n.Tag == "!!null" {
		return r.wrong(n, key, "has no value", "try "+kind.try+", or remove the key")
	}
	value, err := kind.parse(given)
	if err != nil {
		e := refuseValue(plainKey(key), given, kind.gives == reflect.TypeFor[Secret](), kind, kind.try, err)
		e.File, e.Line = r.name, n.Line
		return e
	}
	v.Set(reflect.ValueOf(value))
	return nil
}

// list reads a sequence in place of what was there. Names within it are unique.
func (r *fileReader) list(n *yaml.Node, v reflect.Value, key, as string) error {
	if n.Kind != yaml.SequenceNode {
		return r.wrong(n, key, "is "+shapeOf(n)+", not a list", "begin each entry on a line of its own with \"- \"")
	}
	all := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	names := map[string]bool{}
	for i, item := range n.Content {
		itemKey := fmt.Sprintf("%s[%d]", key, i)
		if err := r.value(item, all.Index(i), itemKey, as); err != nil {
			return err
		}
		name := nameOf(all.Index(i))
		if names[name] {
			return r.wrong(item, itemKey+".name", "is given twice: "+quoteValue(name), "remove one of the two")
		}
		names[name] = name != ""
	}
	v.Set(all)
	return nil
}

// nameOf is the name of a list's entry; empty for entries without one.
func nameOf(v reflect.Value) string {
	if v.Kind() == reflect.Struct {
		if f, ok := v.Type().FieldByName("Name"); ok && f.Tag.Get("key") == "name" {
			return v.FieldByIndex(f.Index).String()
		}
	}
	return ""
}

// section reads a mapping into a struct.
func (r *fileReader) section(n *yaml.Node, v reflect.Value, key string) error {
	fields, known := map[string]int{}, []string{}
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("key")
		fields[name] = i
		known = append(known, name)
	}
	if n.Kind != yaml.MappingNode {
		return r.wrong(n, key, "is "+shapeOf(n)+" where keys are expected", "the keys here are "+strings.Join(known, ", "))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		full := strings.TrimPrefix(key+"."+name, ".")
		index, ok := fields[name]
		if !ok {
			return r.wrong(n.Content[i], full, "is not a setting", adviseKey(name, known))
		}
		if seen[name] {
			return r.wrong(n.Content[i], full, "is given twice", "remove one of the two")
		}
		seen[name] = true
		if err := r.value(n.Content[i+1], v.Field(index), full, v.Type().Field(index).Tag.Get("as")); err != nil {
			return err
		}
	}
	for _, name := range known {
		if tag := v.Type().Field(fields[name]).Tag; tag.Get("need") != "" && !seen[name] {
			example := exampleOf(tag)
			if v.Field(fields[name]).Kind() == reflect.Slice {
				example = "[" + example + "]"
			}
			return r.wrong(n, key, "has no "+name, "add \""+name+": "+example+"\"")
		}
	}
	return nil
}

// adviseKey says what a wrong key should have been.
func adviseKey(name string, known []string) string {
	if s := settingNamed(strings.ToUpper(name)); s != nil {
		return "it is read from the environment only"
	}
	if s := settingNamed("ROLLCALL_" + strings.ToUpper(name)); s != nil {
		return "it is read from the environment only, as " + s.name
	}
	if near := nearestName(name, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "the keys here are " + strings.Join(known, ", ")
}

// exampleOf is a field's own example, or else its kind's.
func exampleOf(tag reflect.StructTag) string {
	if try := tag.Get("try"); try != "" {
		return try
	}
	return fileKinds[tag.Get("as")].try
}

// shapeOf names what stands in the place of something else.
func shapeOf(n *yaml.Node) string {
	switch n.Kind { //nolint:exhaustive // documents and aliases are resolved before
	case yaml.MappingNode:
		return "a section with keys"
	case yaml.SequenceNode:
		return "a list"
	}
	if n.Tag == "!!null" {
		return "empty"
	}
	return "a single value (" + quoteValue(n.Value) + ")"
}

var keyIndices = lazily(`\[\d+\]`)

// plainKey is a path as the document names it: services[2].name is services[].name, and the line says which.
func plainKey(key string) string { return keyIndices().ReplaceAllString(key, "[]") }

// wrong makes the error for a node.
func (r *fileReader) wrong(n *yaml.Node, key, why, try string) *ConfigError {
	return &ConfigError{File: r.name, Line: n.Line, Key: plainKey(key), Why: why, Try: try}
}

// given says whether the file itself holds a key.
func (r *fileReader) given(key string) bool { return r.lines[key] > 0 }
