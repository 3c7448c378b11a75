package xq_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"libxq.example/xq"
)

const aLocator = "RtESv0TwIjI3UbDMn3VRI5yjBzreuJccaZ0n0P_61-Z"

func TestWhatOtherProgramsSealedOpens(t *testing.T) {
	text, err := os.ReadFile("../../tests/vectors/sealed.json")
	check(t, err)
	var vectors struct {
		Messages []struct {
			Key       string
			TextHex   string `json:"text_hex"`
			SealedHex string `json:"sealed_hex"`
		}
		Files []struct {
			Key        string
			FileName   string `json:"file_name"`
			ContentHex string `json:"content_hex"`
			SealedHex  string `json:"sealed_hex"`
		}
	}
	check(t, json.Unmarshal(text, &vectors))
	for _, row := range vectors.Messages {
		sealed, _ := hex.DecodeString(row.SealedHex)
		opened, err := xq.DecryptMessage(row.Key, sealed)
		check(t, err)
		same(t, hex.EncodeToString(opened), row.TextHex)
	}
	for _, row := range vectors.Files {
		sealed, _ := hex.DecodeString(row.SealedHex)
		opener, err := xq.NewOpener(iotest.OneByteReader(bytes.NewReader(sealed)), xq.FormFile, func(string) (string, error) {
			return row.Key, nil
		})
		check(t, err)
		opened, err := io.ReadAll(opener)
		check(t, err)
		same(t, hex.EncodeToString(opened), row.ContentHex)
		same(t, opener.Name(), row.FileName)
		check(t, opener.Close())
	}
}

func TestAMessageForSomebody(t *testing.T) {
	jane, joe, eve := signedIn(t, "jane@example.com"), signedIn(t, "joe@example.com"), signedIn(t, "eve@example.com")
	options := &xq.SealOptions{Packet: &xq.PacketOptions{Subject: "noon", ExpiresHours: 1}}
	sealed, err := jane.EncryptAuto([]byte("Meet me at noon."), []string{"joe@example.com"}, options)
	check(t, err)
	text, err := joe.DecryptAuto(sealed, nil)
	check(t, err)
	same(t, string(text), "Meet me at noon.")
	if _, err = eve.DecryptAuto(sealed, nil); !errors.Is(err, xq.ErrRejected) {
		t.Errorf("a stranger gets %v", err)
	}
	keys, err := jane.GenerateMultipleKeysAndStorePackets(3, xq.AlgorithmDefault, 0, []string{"joe@example.com"}, nil)
	check(t, err)
	rows, err := jane.GenerateMultipleKeysAndStorePacketsDatabase(
		[]xq.PacketRow{{Recipients: []string{"joe@example.com"}}}, xq.AlgorithmCTR, 128)
	check(t, err)
	for _, stored := range append(keys, rows...) {
		key, err := joe.GetPacket(stored.Locator)
		check(t, err)
		same(t, key, stored.Key)
	}
	bits, err := jane.GetEntropy(64)
	check(t, err)
	same(t, len(bits), 16)
	key, err := jane.GenerateKey(xq.AlgorithmOTP, 128)
	check(t, err)
	same(t, key[:2], ".B")
}

func TestAFile(t *testing.T) {
	key, err := xq.GenerateKey(xq.AlgorithmDefault, 0)
	check(t, err)
	folder := t.TempDir()
	path, sealed, opened := filepath.Join(folder, "größe.txt"), filepath.Join(folder, "s"), filepath.Join(folder, "o")
	content := strings.Repeat("a line\n", 40_000)
	check(t, os.WriteFile(path, []byte(content), 0o600))
	var last uint64
	options := &xq.SealOptions{Progress: func(done, total uint64) bool { last = done; return true }}
	check(t, xq.EncryptFile(key, aLocator, path, sealed, options))
	same(t, last, uint64(len(content)))
	file, err := xq.DecryptFile(key, sealed, opened, nil)
	check(t, err)
	same(t, file, xq.OpenedFile{Name: "größe.txt", Path: opened})
	text, err := os.ReadFile(opened)
	check(t, err)
	same(t, string(text), content)
	stopped := &xq.SealOptions{Overwrite: true, Progress: func(done, total uint64) bool { return done == 0 }}
	if err = xq.EncryptFile(key, aLocator, path, sealed, stopped); !errors.Is(err, xq.ErrCanceled) {
		t.Errorf("it gives %v", err)
	}
	jane, joe := signedIn(t, "jane@example.com"), signedIn(t, "joe@example.com")
	check(t, jane.EncryptFile(path, sealed, []string{"joe@example.com"}, &xq.SealOptions{Overwrite: true}))
	check(t, os.Remove(path))
	file, err = joe.DecryptFile(sealed, folder, nil)
	check(t, err)
	same(t, file.Path, path)
}

func TestStreams(t *testing.T) {
	key, err := xq.GenerateKey(xq.AlgorithmDefault, 0)
	check(t, err)
	for _, text := range []string{"", "a", strings.Repeat("0123456789", 30_000)} {
		for _, locator := range []string{"", aLocator} {
			var sealed bytes.Buffer
			sealer, err := xq.NewSealer(&sealed, key, &xq.SealOptions{Locator: locator})
			check(t, err)
			_, err = io.Copy(sealer, iotest.HalfReader(strings.NewReader(text)))
			check(t, err)
			check(t, sealer.Close())
			asked := "nothing"
			opener, err := xq.NewOpener(bytes.NewReader(sealed.Bytes()), xq.FormMessage, func(locator string) (string, error) {
				asked = locator
				return key, nil
			})
			check(t, err)
			opened, err := io.ReadAll(opener)
			check(t, err)
			same(t, string(opened), text)
			same(t, asked, locator)
			check(t, opener.Close())
			// The verdict comes at the end, and instead of it.
			changed := sealed.Bytes()
			changed[len(changed)-1] ^= 1
			opener, err = xq.NewOpener(bytes.NewReader(changed), xq.FormMessage, func(string) (string, error) { return key, nil })
			check(t, err)
			if _, err = io.ReadAll(opener); !errors.Is(err, xq.ErrCrypto) {
				t.Errorf("a changed message gives %v", err)
			}
		}
	}
}
