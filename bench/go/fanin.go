// SPDX-License-Identifier: MIT
package main

import "fmt"

const producers, each = 8, 250000

func produce(out chan int) {
	for i := 0; i < each; i++ {
		out <- i
	}
}

func main() {
	ch := make(chan int, 128)
	for p := 0; p < producers; p++ {
		go produce(ch)
	}
	sum := 0
	for i := 0; i < producers*each; i++ {
		sum += <-ch
	}
	if sum != producers*each*(each-1)/2 {
		panic(sum)
	}
	fmt.Println(sum)
}
