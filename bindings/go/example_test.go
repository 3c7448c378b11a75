package xq_test

import (
	"fmt"
	"log"

	"libxq.example/xq"
)

// A message under a key in hand, which needs neither an account nor the network.
func ExampleEncryptMessage() {
	key, err := xq.GenerateKey(xq.AlgorithmGCM, 0)
	if err != nil {
		log.Fatal(err)
	}
	sealed, err := xq.EncryptMessage(key, "", []byte("Meet me at noon."), nil)
	if err != nil {
		log.Fatal(err)
	}
	text, err := xq.DecryptMessage(key, sealed)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d bytes hold: %s\n", len(sealed), text)
	// Output: 68 bytes hold: Meet me at noon.
}

// A message for somebody: who it is for alone can open it, until its key expires.
func ExampleAPI_EncryptAuto() {
	// A program of its own takes xq.Config{ReadEnvironment: true}, which is XQ_API_KEY and friends.
	api, err := xq.New(config())
	if err != nil {
		log.Fatal(err)
	}
	defer api.Close()
	// An alias signs in without a PIN; a person does with AuthorizeUser, CodeValidate and ExchangeKey.
	if _, err := api.AuthorizeAlias("jane", "", ""); err != nil {
		log.Fatal(err)
	}
	options := &xq.SealOptions{Packet: &xq.PacketOptions{Subject: "noon", ExpiresHours: 72}}
	sealed, err := api.EncryptAuto([]byte("Meet me at noon."), []string{"jane@alias.local"}, options)
	if err != nil {
		log.Fatal(err)
	}
	text, err := api.DecryptAuto(sealed, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
	// Output: Meet me at noon.
}
