#!/usr/bin/env bash
# folder.sh TO BIG: a real folder of several thousand files, with names in many scripts, an empty
# file and one of BIG bytes. Not made in Java, whose file names depend on the locale.
set -euo pipefail
to=$1 big=$2

mkdir -p "$to/real" "$to/names"
for real in "$HOME/.m2/repository" /usr/share; do
  if [ "$(find "$to/real" -type f | wc -l)" -lt 3000 ] && [ -d "$real" ]; then
    # Others may use that folder meanwhile, so files may vanish; the count below is what matters.
    (cd "$real" && find . -type f -readable -print0 | head -zn 6000 | tar --null -T - -c --ignore-failed-read) |
      tar -C "$to/real" -x || true
  fi
done
test "$(find "$to/real" -type f | wc -l)" -ge 3000

cd "$to/names"
for name in 'Übersicht.txt' '写真 🐝.txt' 'مرحبا بالعالم' 'Ελλάδα' 'हिन्दी' 'ไทย' '한국어' 'Ελ' 'a' 'A' 'a ' ' a' '-rf' '.hidden' '..x' \
  '50%.txt' '%2e%2e' '#1?.txt' 'a&b=c;d' '[1-3]{a,b}' 'back\slash' 'C:' "it's \"quoted\"" '~' '*' '+' '$HOME `id`' $'tab\tand\nline' \
  "$(printf 'x%.0s' {1..255})"; do
  printf 'this is %s\n' "$name" >"./$name"
done
printf 'decomposed\n' >"$(printf 'A\xcc\x8a.txt')"   # NFD, as macOS writes it
mkdir -p 'Ordner mit Leerzeichen/нутро/内'
printf 'deep\n' >'Ordner mit Leerzeichen/нутро/内/файл'
: >empty
head -c "$big" /dev/urandom >big.bin
