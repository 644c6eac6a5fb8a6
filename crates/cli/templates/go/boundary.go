package main

// The boundary of demarche_plugin.h in Go. There is nothing to change here, unless a stage reads other columns.

/*
#include "boundary.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime/cgo"
	"unsafe"
)

// span is a stretch of the text, in bytes, end exclusive.
type span struct{ Start, End uint32 }

// document is lent for one call of process: what it gives must not be kept.
type document struct{ doc *C.demarche_doc }

var errRefused = errors.New("") // The host knows best what it refused.

// column lends a column of n-byte items; nil if the layer is not there.
func (d document) column(id C.uint32_t, size uintptr) (unsafe.Pointer, int) {
	var view C.demarche_view
	if C.host_view(d.doc, id, &view) != C.DEMARCHE_OK || view.count == 0 || uintptr(view.item_size) != size {
		return nil, 0
	}
	return view.data, int(view.count)
}

func (d document) text() []byte {
	data, count := d.column(C.DEMARCHE_TEXT, 1)
	return unsafe.Slice((*byte)(data), count)
}

func (d document) tokens() []span {
	data, count := d.column(C.DEMARCHE_TOKEN_SPAN, 8)
	return unsafe.Slice((*span)(data), count)
}

// annotate adds a JSON value to an open layer.
func (d document) annotate(layer string, at span, value string) error {
	place := C.demarche_span{start: C.uint32_t(at.Start), end: C.uint32_t(at.End)}
	if C.host_annotate(d.doc, chars(layer), C.size_t(len(layer)), place, chars(value), C.size_t(len(value))) < 0 {
		return errRefused
	}
	return nil
}

func chars(s string) *C.char { return (*C.char)(unsafe.Pointer(unsafe.StringData(s))) }

// answer tells the host how a call ended; a panic costs its document only.
func answer(call *C.demarche_call, act func() error) (status C.demarche_status) {
	defer func() {
		if panicked := recover(); panicked != nil {
			message := fmt.Sprint(panicked)
			C.host_fail(call, chars(message), C.size_t(len(message)))
			status = C.DEMARCHE_PANICKED
		}
	}()
	switch err := act(); {
	case err == nil:
		return C.DEMARCHE_OK
	case err != errRefused:
		message := err.Error()
		C.host_fail(call, chars(message), C.size_t(len(message)))
	}
	return C.DEMARCHE_FAILED
}

//export goCreate
func goCreate(call *C.demarche_call, options *C.uint8_t, length C.size_t, self *C.uintptr_t) C.demarche_status {
	return answer(call, func() error {
		made, err := create(unsafe.Slice((*byte)(options), int(length)))
		if err == nil {
			*self = C.uintptr_t(cgo.NewHandle(made))
		}
		return err
	})
}

//export goDestroy
func goDestroy(self C.uintptr_t) { cgo.Handle(self).Delete() }

//export goProcess
func goProcess(self C.uintptr_t, doc *C.demarche_doc, call *C.demarche_call) C.demarche_status {
	return answer(call, func() error { return cgo.Handle(self).Value().(*stage).process(document{doc}) })
}

//export goDescribe
func goDescribe(manifestOut, infoOut *C.demarche_bytes) {
	*manifestOut, *infoOut = immortal(manifest), immortal(info)
}

// immortal copies a string to where no collector frees it.
func immortal(s string) C.demarche_bytes {
	return C.demarche_bytes{ptr: (*C.uint8_t)(C.CBytes([]byte(s))), len: C.size_t(len(s))}
}
