package xq

// #include "xq.h"
import "C"

import "io"

// streamBytes is what is sealed or opened at once.
const streamBytes = 32 * 1024

type sealer struct {
	to     io.Writer
	sealer *C.xq_sealer_t
	output [streamBytes]byte
}

// NewSealer seals what is written to it, and writes that to `to`. Of the options, Algorithm, Locator, Name and RepeatPad
// count: without any it is a bare message, with Locator one that has it in front, with Name a file. Close ends what is
// sealed, which does not open without, and leaves `to` open. It is for one goroutine at a time.
func NewSealer(to io.Writer, key string, options *SealOptions) (io.WriteCloser, error) {
	var in inputs
	defer in.free()
	k, o := in.text("key", key), options.lend(&in)
	s := &sealer{to: to}
	err := alone(&in, func(e **C.xq_error_t) C.xq_status_t { return C.xq_sealer_new(k, o, &s.sealer, e) })
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s *sealer) Write(text []byte) (int, error) {
	if s.sealer == nil {
		return 0, ErrClosed
	}
	written := 0
	for written < len(text) {
		bytes, length := data(text[written:])
		output, size := data(s.output[:])
		var taken, made C.size_t
		err := alone(&inputs{}, func(e **C.xq_error_t) C.xq_status_t {
			return C.xq_sealer_update(s.sealer, bytes, length, &taken, output, size, &made, e)
		})
		if err == nil {
			_, err = s.to.Write(s.output[:made])
		}
		if err != nil {
			return written, err
		}
		written += int(taken)
	}
	return written, nil
}

func (s *sealer) Close() error {
	if s.sealer == nil {
		return nil
	}
	output, size := data(s.output[:])
	var made C.size_t
	err := alone(&inputs{}, func(e **C.xq_error_t) C.xq_status_t {
		return C.xq_sealer_finish(s.sealer, output, size, &made, e)
	})
	C.xq_sealer_free(s.sealer)
	s.sealer = nil
	if err == nil {
		_, err = s.to.Write(s.output[:made])
	}
	return err
}

// Form is what an Opener is to open.
type Form int32

const (
	// FormMessage is a message, with its locator token in front or without.
	FormMessage Form = C.XQ_FORM_MESSAGE
	// FormFile is a file.
	FormFile Form = C.XQ_FORM_FILE
)

// Opener opens what it reads. Read gives io.EOF only once all of it is known to be whole, and any other error where it is
// not; under GCM, what was read before is not to be believed until then, and to be thrown away after such an error. It is
// for one goroutine at a time.
type Opener struct {
	from   io.Reader
	opener *C.xq_opener_t
	form   Form
	key    func(locator string) (string, error)
	asked  bool
	input  [streamBytes]byte
	// What is in input and not taken in yet, and what is in output and not read yet.
	sealed, text []byte
	output       [streamBytes + C.XQ_STREAM_BYTES]byte
	// What Read gives when there is no text left.
	end error
}

// NewOpener opens what it reads from `from`. key is asked once for the key of a locator token, API.GetPacket for example;
// the locator token is "" where there is none in front.
func NewOpener(from io.Reader, form Form, key func(locator string) (string, error)) (*Opener, error) {
	o := &Opener{from: from, form: form, key: key}
	err := alone(&inputs{}, func(e **C.xq_error_t) C.xq_status_t {
		return C.xq_opener_new(C.int32_t(form), nil, &o.opener, e)
	})
	if err != nil {
		return nil, err
	}
	return o, nil
}

// Close wipes and frees the opener; a Read afterwards gives ErrClosed. It does not close what is read from.
func (o *Opener) Close() error {
	C.xq_opener_free(o.opener)
	o.opener, o.text, o.sealed, o.end = nil, nil, nil, ErrClosed
	for i := range o.output {
		o.output[i] = 0
	}
	return nil
}

// Locator is the locator token in front, once it has been seen; "" where there is none.
func (o *Opener) Locator() string { return o.seen(C.xq_opener_locator(o.opener)) }

// Name is the name in a file, once text has come out: somebody else's word; "" where there is none that is text.
func (o *Opener) Name() string { return o.seen(C.xq_opener_name(o.opener)) }

func (o *Opener) seen(text *C.char) string {
	if text == nil {
		return ""
	}
	return C.GoString(text)
}

// Read gives what is opened, as an io.Reader does: under GCM it is to be believed once io.EOF has come.
func (o *Opener) Read(text []byte) (int, error) {
	for len(o.text) == 0 && o.end == nil && len(text) > 0 {
		o.end = o.advance()
	}
	if len(o.text) == 0 && len(text) > 0 {
		return 0, o.end
	}
	n := copy(text, o.text)
	o.text = o.text[n:]
	return n, nil
}

// advance opens what has been read, or reads more, or ends.
func (o *Opener) advance() error {
	if C.xq_opener_wants_key(o.opener) != 0 {
		return o.setKey()
	}
	if len(o.sealed) > 0 {
		return o.open()
	}
	n, err := o.from.Read(o.input[:])
	o.sealed = o.input[:n]
	if n > 0 || err == nil {
		return nil
	}
	if err != io.EOF {
		return err
	}
	return o.finish()
}

func (o *Opener) setKey() error {
	o.asked = true
	key, err := o.key(o.Locator())
	if err != nil {
		return err
	}
	var in inputs
	defer in.free()
	k := in.text("key", key)
	return alone(&in, func(e **C.xq_error_t) C.xq_status_t { return C.xq_opener_set_key(o.opener, k, e) })
}

func (o *Opener) open() error {
	bytes, length := data(o.sealed)
	output, size := data(o.output[:])
	var taken, made C.size_t
	err := alone(&inputs{}, func(e **C.xq_error_t) C.xq_status_t {
		return C.xq_opener_update(o.opener, bytes, length, &taken, output, size, &made, e)
	})
	o.sealed, o.text = o.sealed[taken:], o.output[:made]
	return err
}

func (o *Opener) finish() error {
	// A message of less than four bytes, of which nothing is seen before its end.
	if o.form == FormMessage && !o.asked {
		if err := o.setKey(); err != nil {
			return err
		}
	}
	output, size := data(o.output[:])
	var made C.size_t
	err := alone(&inputs{}, func(e **C.xq_error_t) C.xq_status_t {
		return C.xq_opener_finish(o.opener, output, size, &made, e)
	})
	if err != nil {
		return err
	}
	o.text = o.output[:made]
	return io.EOF
}
