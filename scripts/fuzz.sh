#!/usr/bin/env bash
# scripts/fuzz.sh SECONDS [TARGET...]: fuzzes each reader that long and prints executions and crashes. Inputs that crash
# stay in .build-fuzz/TARGET; what was learned stays in .build-fuzz/TARGET/corpus.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export SWIFT_BACKTRACE=enable=no
seconds=${1:?How many seconds for each reader?}
shift
targets=("$@")
((${#targets[@]})) || targets=(text csv json records values xml hsds tables older ohana icarol form multipart photo qdpx qdc codes)
out=.build-fuzz
mkdir -p "$out"

flags=(-swift-version 6 -package-name waymark -O "-sanitize=fuzzer,address" -parse-as-library -wmo
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility
    -enable-upcoming-feature InternalImportsByDefault)
formats=Sources/Engines/Formats
mapfile -t sources < <(find "$formats" -name '*.swift' ! -path '*/Spreadsheets/*' ! -path '*/Writing/*' ! -path '*/Validation/*' \
    ! -name FileReader.swift ! -name FormatRecognition.swift ! -name NameBasedIdentifier.swift ! -name DraftDigest.swift ! -name LiveFeed.swift | sort)
sources+=(Sources/Base/Web/{FormFields,Multipart,BadRequest}.swift Sources/Slices/Intake/Documents/Photo.swift)
if [[ ! -x $out/fuzz || -n $(find "$formats" Sources/Base/Kernel Sources/Base/Web Sources/Slices/Intake/Documents Tests/Fuzz -newer "$out/fuzz" -name '*.swift') ]]; then
    swiftc "${flags[@]}" -module-name Kernel -emit-module -emit-module-path "$out/Kernel.swiftmodule" \
        -c Sources/Base/Kernel/*.swift -o "$out/Kernel.o"
    swiftc "${flags[@]}" -use-ld=lld -module-name ReaderFuzz -I "$out" \
        -Xcc -fmodule-map-file=Sources/Base/CArchive/module.modulemap \
        -Xcc -fmodule-map-file=Sources/Base/CExpat/module.modulemap \
        Tests/Fuzz/*.swift "${sources[@]}" "$out/Kernel.o" -larchive -lexpat -o "$out/fuzz"
fi

status=0
for target in "${targets[@]}"; do
    mkdir -p "$out/$target/corpus"
    log=$out/$target/log.txt
    FUZZ=$target "$out/fuzz" "$out/$target/corpus" -dict=Tests/Fuzz/words.dict -max_total_time="$seconds" \
        -max_len=4096 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$out/$target/" >"$log" 2>&1 || status=1
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    crashes=$(find "$out/$target" -maxdepth 1 \( -name 'crash-*' -o -name 'timeout-*' -o -name 'oom-*' \) | wc -l)
    printf '%-8s %12s executions %4s crashes\n' "$target" "${executions:-0}" "$crashes"
    ((crashes == 0)) || status=1
done
exit "$status"
