// Case, normalisation, order, well-formedness beyond ASCII.
print("Straße ǅ İ ﬁ".toUpperCase(), "ÀÉÞ×ÿµ".toUpperCase(), "ÀÉÞ×İ".toLowerCase().length);       // => STRASSE Ǆ İ FI ÀÉÞ×ŸΜ 6
print("ΑΣ ΑΣΑ Σ Α.Σ ΑΣ.Α".toLowerCase(), "\u0345\u03a3".toLowerCase() === "\u0345\u03c3");        // => ας ασα σ α.ς ασ.α true
print("𐐀".toLowerCase(), "\ud801É".toLowerCase() === "\ud801é", "É\udc00".normalize("NFD").length); // => 𐐨 true 3
print("é".normalize("NFD").length, "e\u0301".normalize() === "é", "ﬁ".normalize("NFKC"), "가".normalize("NFD").length);    // => 2 true fi 2
print("\ud800a\udc00😀".toWellFormed() === "\ufffda\ufffd😀", "a😀".isWellFormed(), "\ud83d".isWellFormed());     // => true true false
print(["z", "a", "Z", "ä", "A", "é", "e", "f", "10", "9", "_", " "].sort((x, y) => x.localeCompare(y)).join(""));
// =>  _109aAäeéfzZ
print("a".localeCompare("b"), "b".localeCompare("a"), "é".localeCompare("e\u0301"), "résumé".localeCompare("resume"), "a".localeCompare("á"));
// => -1 1 0 1 -1
