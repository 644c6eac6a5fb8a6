// A stage for demarche, in Go: marks long words. Change what it does in process.
package main

import (
	"encoding/json"
	"fmt"
	"unicode"
)

// manifest says what the stage is called, reads and writes, and what its options are.
const manifest = `{
  "name": "my-stage", "summary": "Marks long words", "version": "0.1.0",
  "reads": ["tokens"], "writes": ["my-stage"],
  "options": {"type": "object", "additionalProperties": false, "properties": {
    "letters": {"type": "integer", "minimum": 1, "default": 12,
                "description": "Least length of a long word, in letters."}}}
}`

// info says what the library is called.
const info = `{"name": "my-stage", "version": "0.1.0"}`

// stage is what create makes of the options.
type stage struct {
	Letters int `json:"letters"`
}

// create runs once. The options are a JSON object that is valid by the schema in the manifest.
func create(options []byte) (*stage, error) {
	made := &stage{Letters: 12}
	if err := json.Unmarshal(options, made); err != nil {
		return nil, err
	}
	return made, nil
}

// process runs for every document, on many threads at once.
func (s *stage) process(doc document) error {
	text := doc.text()
	for _, token := range doc.tokens() {
		letters := 0
		for _, r := range string(text[token.Start:token.End]) {
			if unicode.IsLetter(r) {
				letters++
			}
		}
		if letters < s.Letters {
			continue
		}
		if err := doc.annotate("my-stage", token, fmt.Sprintf(`{"letters":%d}`, letters)); err != nil {
			return err
		}
	}
	return nil
}

func main() {} // A library has none, and Go asks for it.
