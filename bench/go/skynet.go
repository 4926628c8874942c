// SPDX-License-Identifier: MIT
package main

import "fmt"

func skynet(out chan int, first, size int) {
	if size == 1 {
		out <- first
		return
	}
	below, part := make(chan int), size/10
	for i := 0; i < 10; i++ {
		go skynet(below, first+i*part, part)
	}
	sum := 0
	for i := 0; i < 10; i++ {
		sum += <-below
	}
	out <- sum
}

func main() {
	out := make(chan int)
	go skynet(out, 0, 1000000)
	sum := <-out
	if sum != 499999500000 {
		panic(sum)
	}
	fmt.Println(sum)
}
