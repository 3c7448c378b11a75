// Command share_key signs a person in and shares a new key with others: share_key ADDRESS RECIPIENT...
package main

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"

	"libxq.example/xq"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: share_key ADDRESS RECIPIENT...")
		os.Exit(2)
	}
	if err := share(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		var failure *xq.Error
		if errors.As(err, &failure) && failure.CanRetry {
			fmt.Fprintln(os.Stderr, "Trying again later can help.")
		}
		if errors.As(err, &failure) && failure.Outcome == xq.OutcomeUnknown {
			fmt.Fprintln(os.Stderr, "It may have been done all the same.")
		}
		os.Exit(1)
	}
}

func share(address string, recipients []string) error {
	api, err := xq.New(xq.Config{ReadEnvironment: true}) // XQ_API_KEY and friends
	if err != nil {
		return err
	}
	defer api.Close()
	if err := signIn(api, address); err != nil {
		return err
	}
	locator, err := api.CreateAndStorePacket(newKey(), recipients, &xq.PacketOptions{ExpiresHours: 72})
	if err != nil {
		return err
	}
	fmt.Printf("The locator token, for %s: %s\n", strings.Join(recipients, ", "), locator)
	return nil
}

func signIn(api *xq.API, address string) error {
	if _, err := api.AuthorizeUser(address, xq.Person{}); err != nil {
		return err
	}
	fmt.Printf("The PIN that was mailed to %s: ", address)
	pin, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil {
		return err
	}
	err = api.CodeValidate(strings.TrimSpace(pin))
	if errors.Is(err, xq.ErrUnauthorized) {
		return fmt.Errorf("that is not the PIN: %w", err)
	}
	if err != nil {
		return err
	}
	_, err = api.ExchangeKey("", false)
	return err
}

func newKey() string {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(key)
}
