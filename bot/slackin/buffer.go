package slackin

import (
	"bytes"
	"sync"
)

// keptBuffer is how large a buffer may have grown and still be kept for the next
// request: commands and their answers are smaller by far, forms may be larger.
const keptBuffer = 16 << 10

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// takeBuffer gives an empty buffer, which nobody else has until giveBuffer.
func takeBuffer() *bytes.Buffer {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	return b
}

func giveBuffer(b *bytes.Buffer) {
	if b.Cap() <= keptBuffer {
		buffers.Put(b)
	}
}
