# imsg.bash - completion of imsg in bash
# SPDX-License-Identifier: LGPL-2.1-or-later

_imsg ()
{
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}
  local verbs="show dump extract convert set new storage validate diff find"
  local files="--jobs --files-from" output="--output --directory --force"
  local compose="--subject --from --to --cc --bcc --text --text-file --html --html-file --attach"
  local options=""

  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]
  then
    mapfile -t COMPREPLY < <(compgen -W "$verbs --help --version" -- "$word")
    return
  fi

  case $previous in
    --to | -t)
      if [ "$verb" = convert ]
      then
        mapfile -t COMPREPLY < <(compgen -W "eml mbox txt html rtf ics vcf json msg" -- "$word")
        return
      fi
      ;;
    -C | --directory)
      mapfile -t COMPREPLY < <(compgen -d -- "$word")
      return
      ;;
  esac
  if [ "$verb" = storage ] && [ "$COMP_CWORD" -eq 2 ]
  then
    mapfile -t COMPREPLY < <(compgen -W "list tree cat extract" -- "$word")
    return
  fi

  case $word in
    -*)
      case $verb in
        show) options="--properties --headers $files" ;;
        dump) options="--bodies --complete --pretty $files" ;;
        extract) options="--number --list --recursive $files $output" ;;
        convert) options="--to --report $files $output" ;;
        set) options="--output --force --delete --detach --remove-recipient $compose" ;;
        new) options="--output --force --class --ansi $compose" ;;
        storage) options="--directory --force" ;;
        validate) options="--format-only $files" ;;
        diff) options="--brief" ;;
        find) options="--subjects --null $files" ;;
      esac
      mapfile -t COMPREPLY < <(compgen -W "$options --help" -- "$word")
      ;;
    *)
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      ;;
  esac
}

complete -o filenames -F _imsg imsg
