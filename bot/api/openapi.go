package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// object is a piece of JSON.
type object = map[string]any

// meanings are what each status says, in the document.
var meanings = map[int]string{
	http.StatusOK: "As asked.", http.StatusCreated: "It is open, and on disk.",
	http.StatusBadRequest:   "The request cannot be read.",
	http.StatusUnauthorized: "No token, or a wrong one.", http.StatusForbidden: "The token only reads.",
	http.StatusNotFound:         "There is no such incident. A private one does not exist here.",
	http.StatusMethodNotAllowed: "The address does not take the method.", http.StatusNotAcceptable: "It cannot be had as what Accept names.",
	http.StatusConflict:              "A question: nothing was done, and the choices are the ways on.",
	http.StatusRequestEntityTooLarge: "The body is over 1 MiB.", http.StatusUnsupportedMediaType: "The body is not said to be JSON.",
	http.StatusUnprocessableEntity: "Nothing was done; the message says what to send instead.",
	http.StatusServiceUnavailable:  "NOT saved, or not read: send it again after Retry-After seconds. The message repeats what was typed.",
}

// openAPI is the document, made from the table of addresses.
func openAPI(version string) []byte {
	schemas, paths := object{}, object{}
	for path, byMethod := range routesByPath() {
		item := object{}
		for method, r := range byMethod {
			item[strings.ToLower(method)] = r.operation(schemas)
		}
		if strings.Contains(path, "{key}") {
			item["parameters"] = []object{{
				"name": "key", "in": "path", "required": true, "description": "Such as INC-7, in any case.",
				"schema": object{"type": "string", "pattern": `^[Ii][Nn][Cc]-[1-9][0-9]*$`},
			}}
		}
		paths[base+path] = item
	}
	document, err := json.MarshalIndent(object{
		"openapi": "3.1.0",
		"info": object{
			"title": "Rollcall", "version": version,
			"description": "Incidents for programs. Private incidents do not exist here. Times are RFC 3339 in UTC.",
		},
		"security": []object{{"bearer": []string{}}},
		"paths":    paths,
		"components": object{
			"schemas":         schemas,
			"securitySchemes": object{"bearer": object{"type": "http", "scheme": "bearer"}},
		},
	}, "", "  ")
	if err != nil {
		return []byte("{}") // only a channel or a function could fail, and there is none
	}
	return append(document, '\n')
}

func (r *route) operation(schemas object) object {
	answers := object{strconv.Itoa(r.Status): object{"description": meanings[r.Status], "content": r.content(schemas)}}
	for _, status := range append(r.Fails, anyFails...) {
		answers[strconv.Itoa(status)] = object{
			"description": meanings[status], "content": object{"application/json": object{"schema": schemaOf(reflect.TypeFor[Error](), schemas)}},
		}
	}
	op := object{"operationId": r.ID, "summary": r.Does, "responses": answers}
	var params []object
	for in, list := range map[string][]query{"query": r.Query, "header": r.Header} {
		for _, q := range list {
			params = append(params, object{"name": q.Name, "in": in, "description": q.Does, "schema": q.schema()})
		}
	}
	if params != nil {
		op["parameters"] = params
	}
	if r.Body != nil {
		op["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": schemaOf(reflect.TypeOf(r.Body), schemas)}}}
	}
	return op
}

func (r *route) content(schemas object) object {
	out := object{}
	if r.Answer != nil {
		out["application/json"] = object{"schema": schemaOf(reflect.TypeOf(r.Answer), schemas)}
	}
	for _, kind := range r.Types {
		one := object{"schema": object{"type": "string"}}
		if kind == "application/json" {
			one = object{"schema": object{"type": "object"}}
		}
		out[kind] = one
	}
	return out
}

func (q query) schema() object {
	out := object{"type": "string"}
	if q.Number {
		out["type"] = "integer"
	}
	if q.Enum != nil {
		out["enum"] = q.Enum
	}
	return out
}

// schemaOf describes a type; a struct is described once, under its name.
func schemaOf(t reflect.Type, schemas object) object {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[Severity]():
		return object{"anyOf": []object{{"type": "integer", "minimum": 1, "maximum": 4}, {"type": "string", "enum": []string{"sev1", "sev2", "sev3", "sev4"}}}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), schemas)
	case reflect.Slice:
		return object{"type": "array", "items": schemaOf(t.Elem(), schemas)}
	case reflect.Struct:
		if _, known := schemas[t.Name()]; !known {
			schemas[t.Name()] = object{} // before its fields, which may hold it
			schemas[t.Name()] = structure(t, schemas)
		}
		return object{"$ref": "#/components/schemas/" + t.Name()}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int:
		return object{"type": "integer"}
	default:
		return object{"type": "string"}
	}
}

// structure describes the fields of a struct. What is sent may leave out what is not
// needed; what is answered leaves out only what is empty.
func structure(t reflect.Type, schemas object) object {
	fields, required := object{}, []string{}
	sent := t == reflect.TypeFor[Opening]() || t == reflect.TypeFor[Command]()
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("json")
		if tag == "" {
			continue // what is embedded comes field by field
		}
		name, option, _ := strings.Cut(tag, ",")
		one := schemaOf(f.Type, schemas)
		one["description"] = f.Tag.Get("doc")
		fields[name] = one
		if sent && f.Tag.Get("need") != "" || !sent && option == "" {
			required = append(required, name)
		}
	}
	out := object{"type": "object", "properties": fields, "required": required}
	if sent {
		out["additionalProperties"] = false
	}
	return out
}

func (s *Server) openapi(c *call) {
	if !c.params() {
		return
	}
	c.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = c.Write(s.document()) // the other side is gone: nobody to tell
}
