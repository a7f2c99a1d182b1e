// The map beside the list. The list is complete without it; nothing here is the only way to anything.
(async () => {
  const box = document.getElementById('map')
  if (!box || !window.L) return
  const { L } = window
  const { dataset: say } = box
  const query = location.search
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  const get = async (url) => {
    const answer = await fetch(url, { credentials: 'same-origin' })
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
    return answer.json()
  }
  const answerFor = (extra = '') => get(`${say.answer}${query || '?'}${extra}`)
  let shapes, data
  try {
    [shapes, data] = await Promise.all([get(say.areas), answerFor()])
  } catch {
    document.getElementById('map-error').hidden = false
    box.closest('.mapview__stage').hidden = true
    return
  }

  const map = L.map(box, {
    attributionControl: false, zoomControl: false, minZoom: 3, maxZoom: 17, zoomSnap: 0.25,
    scrollWheelZoom: false, fadeAnimation: !calm, zoomAnimation: !calm, markerZoomAnimation: !calm
  })
  box.setAttribute('role', 'application')
  box.setAttribute('aria-label', say.label)
  L.control.zoom({ position: 'topright', zoomInTitle: say.in, zoomOutTitle: say.out }).addTo(map)
  if (say.tiles) L.tileLayer(say.tiles).addTo(map)

  // Shapes: one band of blue per count; the number itself is printed on the shape.
  const band = (n) => (n >= 15 ? 'q4' : n >= 10 ? 'q3' : n >= 5 ? 'q2' : n >= 1 ? 'q1' : 'q0')
  const code = (feature) => String(feature.id)
  const chosen = (feature) => say.region && code(feature) === say.region
  const names = L.layerGroup()
  let home
  const areas = L.geoJSON(shapes, {
    style: (feature) => ({ className: `cty ${band(data.counts[code(feature)] || 0)}${chosen(feature) ? ' on' : ''}${say.tiles ? ' cty--over' : ''}` }),
    onEachFeature (feature, layer) {
      if (chosen(feature)) home = layer
      const [lng, lat] = feature.properties.at
      names.addLayer(L.tooltip([lat, lng], { permanent: true, direction: 'center', className: 'ctyname', content: named(feature) }))
      layer.on('click', () => narrow(code(feature)))
    }
  }).addTo(map)
  home?.bringToFront()
  const label = () => (map.getZoom() >= 9.5 ? names.addTo(map) : names.remove())
  map.on('zoomend', label)

  // A shape does what its link under the list does: the same question in that county.
  function narrow (region) {
    const asked = new URLSearchParams(query)
    asked.delete('page')
    asked.set('region', region)
    location.assign(`${location.pathname.replace(/carrier\/.*/, '')}?${asked}`)
  }
  function named (feature) {
    const text = document.createElement('span')
    const count = document.createElement('small')
    text.textContent = feature.properties.name
    count.textContent = data.counts[code(feature)] || 0
    text.append(count)
    return text
  }

  // Points: single carriers are clustered here, heaps come from the server and open by zooming in.
  const heap = (n) => L.divIcon({ html: String(n), className: 'bub', iconSize: [36, 36] })
  const pin = L.divIcon({ className: 'mark', iconSize: [24, 24], iconAnchor: [12, 23], popupAnchor: [0, -22] })
  const clusters = L.markerClusterGroup({
    maxClusterRadius: 44, showCoverageOnHover: false, animate: !calm, spiderfyOnMaxZoom: true,
    iconCreateFunction: (group) => heap(group.getChildCount())
  })
  clusters.on('animationend spiderfied', describe)
  const known = new Map()
  function draw (points) {
    clusters.clearLayers()
    heaps.clearLayers()
    known.clear()
    for (const point of points) {
      const at = [point.latitude, point.longitude]
      if (point.count > 1) {
        const words = say.many.replace('%s', point.count)
        heaps.addLayer(L.marker(at, { icon: heap(point.count), alt: words, title: words }).on('click', () => map.setView(at, map.getZoom() + 2)))
      } else {
        const marker = L.marker(at, { icon: pin, alt: point.name, title: point.name }).bindPopup(wait, { minWidth: 250, maxWidth: 320, maxHeight: 340, autoPanPadding: [24, 24] })
        marker.on('popupopen', (event) => fill(event.popup, point.number))
        known.set(point.number, marker)
        clusters.addLayer(marker)
      }
    }
    describe()
  }
  const heaps = L.layerGroup().addTo(map)
  clusters.addTo(map)
  // Clusters are buttons: they need a name of their own.
  function describe () {
    for (const node of box.querySelectorAll('.bub:not([title])')) {
      node.setAttribute('title', say.many.replace('%s', node.textContent))
    }
  }
  map.on('zoomend moveend', describe)

  function wait () { return document.createElement('div') }
  async function fill (popup, number) {
    try {
      const answer = await fetch(say.card.replace('-/', `${number}/`), { credentials: 'same-origin', headers: { 'X-Card': '1' } })
      if (!answer.ok) throw new Error(String(answer.status))
      popup.setContent(await answer.text())
      popup.getElement()?.querySelector('.leaflet-popup-close-button')?.setAttribute('aria-label', say.close)
    } catch {
      location.assign(say.card.replace('-/', `${number}/`) + query)
    }
  }

  // Where to look: the county or the institution asked for, else everything found, else all shapes.
  const marks = L.latLngBounds(data.points.map((point) => [point.latitude, point.longitude]))
  const wide = home ? home.getBounds() : marks.isValid() ? marks.pad(0.15) : areas.getBounds()
  map.fitBounds(wide, { maxZoom: 12, padding: [16, 16] })
  label()
  draw(data.points)
  show(say.at)

  function show (number) {
    const marker = known.get(number)
    if (!marker) return
    clusters.zoomToShowLayer(marker, () => marker.openPopup())
  }
  for (const link of document.querySelectorAll('[data-show]')) {
    link.hidden = !known.has(link.dataset.show)
    link.addEventListener('click', () => show(link.dataset.show))
  }

  // Heaps are made anew for the part that is shown.
  if (data.points.some((point) => point.count > 1)) {
    map.on('moveend', async () => {
      const edge = map.getBounds()
      const part = [edge.getWest(), edge.getSouth(), edge.getEast(), edge.getNorth()].map((value) => value.toFixed(3))
      try { draw((await answerFor(`&box=${part}`)).points) } catch { /* the old points stay */ }
    })
  }
})()
