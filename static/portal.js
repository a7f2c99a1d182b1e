// Start-up of the vendored components, in the page's language. Every page is complete without it.
import { initAll } from './vendor/govuk-frontend.min.js'

const english = document.documentElement.lang.startsWith('en')
const words = english
  ? {}
  : {
      characterCount: {
        i18n: {
          charactersUnderLimit: { other: '还可输入 %{count} 字' },
          charactersAtLimit: '已到字数上限',
          charactersOverLimit: { other: '超出 %{count} 字' },
          textareaDescription: { other: '最多 %{count} 字' }
        }
      },
      fileUpload: {
        i18n: {
          chooseFilesButton: '选择文件',
          dropInstruction: '或拖到这里',
          noFileChosen: '还没有选择文件',
          multipleFilesChosen: { other: '已选 %{count} 个文件' },
          enteredDropZone: '已进入拖放区',
          leftDropZone: '已离开拖放区'
        }
      },
      passwordInput: {
        i18n: {
          showPassword: '显示',
          hidePassword: '隐藏',
          showPasswordAriaLabel: '显示密码',
          hidePasswordAriaLabel: '隐藏密码',
          passwordShownAnnouncement: '密码已显示',
          passwordHiddenAnnouncement: '密码已隐藏'
        }
      }
    }

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll(words)

// On a phone the menus slide: bring the current item into view, sideways only.
for (const list of document.querySelectorAll('.mainnav ul, .side ul')) {
  const now = list.querySelector('[aria-current]')
  if (now && list.scrollWidth > list.clientWidth) list.scrollLeft = now.offsetLeft - 16
}

// A form marked data-warn-unsaved asks before typed words are lost.
for (const form of document.querySelectorAll('form[data-warn-unsaved]')) {
  let changed = false
  form.addEventListener('input', () => { changed = true })
  form.addEventListener('submit', () => { changed = false })
  window.addEventListener('beforeunload', (event) => { if (changed) event.preventDefault() })
}

// Buttons that only work with a script are in the page as hidden; this shows them.
for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = !navigator.clipboard
  button.addEventListener('click', () => navigator.clipboard.writeText(button.dataset.copy))
}
