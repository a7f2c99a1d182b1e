// The camera in the page: finds a voucher's QR code and opens its page. Nothing is ever submitted from here.
const road = document.getElementById('camera')
const view = document.getElementById('camera-view')
const words = document.getElementById('camera-words')
const open = document.getElementById('camera-open')
const close = document.getElementById('camera-close')

const LINK = /\/q\/([0-9A-Za-z-]{12,20})\/([\w-]{22})\/?$/
const WIDTH = 480
const PAUSE = 250

let stream = null
let timer = null

const say = (name) => { words.textContent = name ? road.dataset[name] : '' }

function stop () {
  clearTimeout(timer)
  if (stream) stream.getTracks().forEach((track) => track.stop())
  stream = null
  view.hidden = close.hidden = true
  open.hidden = false
}

// The browser's own reader where it has one, else the vendored one, loaded only now.
async function decoder () {
  if ('BarcodeDetector' in window) {
    const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => [])
    if (formats.includes('qr_code')) {
      const detector = new window.BarcodeDetector({ formats: ['qr_code'] })
      return async (canvas) => (await detector.detect(canvas))[0]?.rawValue
    }
  }
  await new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = road.dataset.decoder
    script.onload = resolve
    script.onerror = reject
    document.head.append(script)
  })
  return async (canvas, context) => {
    const image = context.getImageData(0, 0, canvas.width, canvas.height)
    return window.jsQR(image.data, image.width, image.height)?.data
  }
}

function found (text) {
  const parts = LINK.exec(text)
  if (!parts) return say('foreign')
  if (!navigator.onLine) return say('offline')
  stop()
  location.assign(`/q/${parts[1]}/${parts[2]}/`)
}

function watch (decode) {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const look = async () => {
    if (!stream) return
    if (view.videoWidth) {
      canvas.width = WIDTH
      canvas.height = Math.round(WIDTH * view.videoHeight / view.videoWidth)
      context.drawImage(view, 0, 0, canvas.width, canvas.height)
      const text = await decode(canvas, context)
      if (text) found(text)
    }
    if (stream) timer = setTimeout(look, PAUSE)
  }
  look()
}

const REASONS = { NotAllowedError: 'refused', NotFoundError: 'none', OverconstrainedError: 'none', NotReadableError: 'busy' }

async function start () {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
    view.srcObject = stream
    view.hidden = close.hidden = false
    open.hidden = true
    await view.play()
    say('running')
    watch(await decoder())
  } catch (error) {
    stop()
    say(REASONS[error.name] || 'none')
  }
}

if (road) {
  road.hidden = false
  if (!window.isSecureContext) {
    say('insecure')
    open.hidden = true
  } else if (!navigator.mediaDevices?.getUserMedia) {
    say('none')
    open.hidden = true
  }
  open.addEventListener('click', start)
  close.addEventListener('click', () => { stop(); say('') })
  document.addEventListener('visibilitychange', () => { if (document.hidden && stream) { stop(); say('') } })
}
