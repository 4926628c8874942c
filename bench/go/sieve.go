// SPDX-License-Identifier: MIT
package main

import "fmt"

const n = 1000

func generate(out chan int) {
	for i := 2; ; i++ {
		out <- i
	}
}

func filter(in, out chan int, prime int) {
	for {
		i := <-in
		if i%prime != 0 {
			out <- i
		}
	}
}

func main() {
	ch, prime := make(chan int), 0
	go generate(ch)
	for i := 0; i < n; i++ {
		prime = <-ch
		next := make(chan int)
		go filter(ch, next, prime)
		ch = next
	}
	if prime != 7919 {
		panic(prime)
	}
	fmt.Println(prime)
}
