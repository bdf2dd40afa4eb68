# bash completion for bantam

_bantam_option_value()
{
    case $1 in
    --format | -f) COMPREPLY=($(compgen -W 'text json ndjson html github markdown gitlab sarif junit' -- "$2")) ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$2")) ;;
    --redact) COMPREPLY=($(compgen -W 'secrets emails none' -- "$2")) ;;
    --model)
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -X '!*.safetensors' -- "$2") $(compgen -d -- "$2"))
        ;;
    --lines | -n | --max-findings | -m | --abstain-below | --context | -C | --threads | -j | --repository | --job | --commit | --branch) COMPREPLY=() ;;
    *) return 1 ;;
    esac
}

_bantam_triage()
{
    local options='--format --lines --max-findings --abstain-below --context --all --group --follow --baseline --reports --model --no-learned --rules --record --no-record --store --repository --job --commit --branch --redact --threads --color --quiet --help'
    case $2 in
    -*) COMPREPLY=($(compgen -W "$options" -- "$2")) ;;
    *)
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -- "$2"))
        ;;
    esac
}

_bantam_run()
{
    case $1 in
    --budget | -b | --repository | --job | --commit | --branch) COMPREPLY=() ;;
    --redact) COMPREPLY=($(compgen -W 'secrets emails none' -- "$2")) ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$2")) ;;
    *)
        case $2 in
        -*) COMPREPLY=($(compgen -W '--budget --log --quiet --record --no-record --store --repository --job --commit --branch --redact --color --help' -- "$2")) ;;
        *)
            compopt -o filenames 2>/dev/null
            COMPREPLY=($(compgen -c -- "$2") $(compgen -f -- "$2"))
            ;;
        esac
        ;;
    esac
}

_bantam_add()
{
    case $1 in
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$2")) ;;
    --model | -m)
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -W "$(bantam add --list 2>/dev/null | cut -d' ' -f1)" -- "$2")
            $(compgen -f -X '!*.safetensors' -- "$2") $(compgen -d -- "$2"))
        ;;
    *)
        case $2 in
        -*) COMPREPLY=($(compgen -W '--model --trace --check --prove --list --color --help' -- "$2")) ;;
        esac
        ;;
    esac
}

# text commands, from their help
_bantam_text_commands='history learn fetch mcp complete train predict eval explain tune inspect shrink export'

_bantam_text()
{
    case "$1 $2" in
    "history --format" | "history -f") COMPREPLY=($(compgen -W 'text json ndjson' -- "$3")); return ;;
    "train --input") COMPREPLY=($(compgen -W 'auto csv tsv ndjson fasttext lines' -- "$3")); return ;;
    "train --header") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "train --analyzer") COMPREPLY=($(compgen -W 'word char char_wb' -- "$3")); return ;;
    "train --lowercase") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "train --strip-accents") COMPREPLY=($(compgen -W 'none ascii unicode' -- "$3")); return ;;
    "train --binary") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "train --sublinear-tf") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "train --idf") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "train --smooth-idf") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "train --norm") COMPREPLY=($(compgen -W 'none l1 l2' -- "$3")); return ;;
    "train --stop-words") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "train --penalty") COMPREPLY=($(compgen -W 'l2 l1 elastic-net' -- "$3")); return ;;
    "train --multi-class") COMPREPLY=($(compgen -W 'multinomial one-vs-rest' -- "$3")); return ;;
    "train --balanced") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "train --calibrate") COMPREPLY=($(compgen -W 'none temperature sigmoid isotonic adaptive auto' -- "$3")); return ;;
    "train --keep-texts") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "train --data" | "train -d") COMPREPLY=($(compgen -d -- "$3")); return ;;
    "predict --format" | "predict -f") COMPREPLY=($(compgen -W 'text csv ndjson' -- "$3")); return ;;
    "predict --input") COMPREPLY=($(compgen -W 'auto csv tsv ndjson fasttext lines' -- "$3")); return ;;
    "predict --header") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "eval --format" | "eval -f") COMPREPLY=($(compgen -W 'text json html' -- "$3")); return ;;
    "eval --color") COMPREPLY=($(compgen -W 'auto always never' -- "$3")); return ;;
    "eval --input") COMPREPLY=($(compgen -W 'auto csv tsv ndjson fasttext lines' -- "$3")); return ;;
    "eval --header") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "explain --format" | "explain -f") COMPREPLY=($(compgen -W 'text ndjson' -- "$3")); return ;;
    "explain --color") COMPREPLY=($(compgen -W 'auto always never' -- "$3")); return ;;
    "tune --input") COMPREPLY=($(compgen -W 'auto csv tsv ndjson fasttext lines' -- "$3")); return ;;
    "tune --header") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "inspect --format" | "inspect -f") COMPREPLY=($(compgen -W 'text json' -- "$3")); return ;;
    "shrink --input") COMPREPLY=($(compgen -W 'auto csv tsv ndjson fasttext lines' -- "$3")); return ;;
    "shrink --header") COMPREPLY=($(compgen -W 'yes no' -- "$3")); return ;;
    "history --most" | "history -n" |\
    "history --cause" |\
    "history --repository" |\
    "history --job" |\
    "history --branch" |\
    "history --commit" |\
    "history --since" |\
    "learn --lines" | "learn -l" |\
    "learn --not" |\
    "learn --cause" | "learn -c" |\
    "learn --fix" |\
    "fetch --job" |\
    "fetch --attempt" |\
    "fetch --api" |\
    "train --threads" | "train -j" |\
    "train --text" |\
    "train --label" |\
    "train --weight" |\
    "train --group" |\
    "train --label-separator" |\
    "train --separator" |\
    "train --ngrams" |\
    "train --min-df" |\
    "train --max-df" |\
    "train --max-features" |\
    "train --hash-bits" |\
    "train --C" |\
    "train --l1-ratio" |\
    "train --tolerance" |\
    "train --max-iterations" |\
    "train --seed" |\
    "train --passes" |\
    "train --labels" |\
    "train --time" |\
    "train --max-size" |\
    "train --folds" |\
    "train --recipe-seed" |\
    "predict --top" | "predict -t" |\
    "predict --abstain-below" |\
    "predict --set-coverage" |\
    "predict --threshold" |\
    "predict --threads" | "predict -j" |\
    "predict --text" |\
    "predict --label" |\
    "predict --weight" |\
    "predict --group" |\
    "predict --label-separator" |\
    "predict --separator" |\
    "eval --compare" |\
    "eval --folds" |\
    "eval --resamples" |\
    "eval --threshold" |\
    "eval --threads" | "eval -j" |\
    "eval --text" |\
    "eval --label" |\
    "eval --weight" |\
    "eval --group" |\
    "eval --label-separator" |\
    "eval --separator" |\
    "explain --label" | "explain -l" |\
    "explain --against" |\
    "explain --ngrams" | "explain -n" |\
    "explain --neighbours" | "explain -k" |\
    "tune --C" |\
    "tune --threads" | "tune -j" |\
    "tune --text" |\
    "tune --label" |\
    "tune --weight" |\
    "tune --group" |\
    "tune --label-separator" |\
    "tune --separator" |\
    "inspect --ngrams" | "inspect -n" |\
    "inspect --label" | "inspect -l" |\
    "shrink --max-size" | "shrink -s" |\
    "shrink --max-loss" |\
    "shrink --threads" | "shrink -j" |\
    "shrink --text" |\
    "shrink --label" |\
    "shrink --weight" |\
    "shrink --group" |\
    "shrink --label-separator" |\
    "shrink --separator" |\
    "export --name" | "export -n") return ;;
    esac
    compopt -o filenames 2>/dev/null
    case $3 in
    -*) ;;
    *) COMPREPLY=($(compgen -f -- "$3")); return ;;
    esac
    case $1 in
    history) COMPREPLY=($(compgen -W '--format --most --cause --repository --job --branch --commit --since --store --help' -- "$3")) ;;
    learn) COMPREPLY=($(compgen -W '--lines --not --cause --fix --report --force --store --help' -- "$3")) ;;
    fetch) COMPREPLY=($(compgen -W '--output --job --attempt --api --help' -- "$3")) ;;
    mcp) COMPREPLY=($(compgen -W '--help' -- "$3")) ;;
    complete) COMPREPLY=($(compgen -W '--describe --help' -- "$3")) ;;
    train) COMPREPLY=($(compgen -W '--output --threads --quiet --help --input --text --label --weight --group --label-separator --header --separator --analyzer --ngrams --lowercase --strip-accents --min-df --max-df --max-features --binary --sublinear-tf --idf --smooth-idf --norm --stop-words --hash-bits --C --penalty --l1-ratio --multi-class --balanced --tolerance --max-iterations --calibrate --keep-texts --seed --stream --passes --labels --search --time --max-size --data --folds --recipe-seed --curve --checkpoint' -- "$3")) ;;
    predict) COMPREPLY=($(compgen -W '--format --top --abstain-below --set-coverage --threshold --threads --help --input --text --label --weight --group --label-separator --header --separator' -- "$3")) ;;
    eval) COMPREPLY=($(compgen -W '--format --output --compare --folds --resamples --threshold --all --threads --color --help --input --text --label --weight --group --label-separator --header --separator' -- "$3")) ;;
    explain) COMPREPLY=($(compgen -W '--format --label --against --ngrams --neighbours --color --help' -- "$3")) ;;
    tune) COMPREPLY=($(compgen -W '--data --check --output --C --threads --quiet --help --input --text --label --weight --group --label-separator --header --separator' -- "$3")) ;;
    inspect) COMPREPLY=($(compgen -W '--format --ngrams --label --help' -- "$3")) ;;
    shrink) COMPREPLY=($(compgen -W '--data --max-size --max-loss --keep-names --output --threads --quiet --help --input --text --label --weight --group --label-separator --header --separator' -- "$3")) ;;
    export) COMPREPLY=($(compgen -W '--c --json --name --output --help' -- "$3")) ;;
    esac
}
# end of text commands

_bantam()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local commands="triage baseline run show add $_bantam_text_commands"
    COMPREPLY=()
    if [ "$current" = = ]; then # "--format=": the word breaks at '='
        current=
    elif [ "$previous" = = ]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "$commands help --help --version" -- "$current"))
    elif [ "${COMP_WORDS[1]}" = help ]; then
        COMPREPLY=($(compgen -W "$commands" -- "$current"))
    elif [ "${COMP_WORDS[1]}" = triage ]; then
        _bantam_option_value "$previous" "$current" || _bantam_triage "$previous" "$current"
    elif [ "${COMP_WORDS[1]}" = run ]; then
        _bantam_run "$previous" "$current"
    elif [ "${COMP_WORDS[1]}" = add ]; then
        _bantam_add "$previous" "$current"
    elif [[ " $_bantam_text_commands " = *" ${COMP_WORDS[1]} "* ]]; then
        _bantam_text "${COMP_WORDS[1]}" "$previous" "$current"
    else
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -- "$current"))
    fi
}

complete -F _bantam bantam
