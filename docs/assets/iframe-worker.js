// Browsers allow no Worker to pages that are read from a folder, and the search is one: there it runs in a frame. It is
// what the theme would load from elsewhere (iframe-worker), in the few lines that the search needs.
if (location.protocol === "file:")
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      frame.title = "search"
      ;(document.body || document.documentElement).appendChild(frame)
      const inside = (this.inside = frame.contentWindow)
      inside.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }))
      inside.importScripts = (...urls) => urls.reduce((before, next) => before.then(() => this.load(next)), Promise.resolve())
      this.ready = this.load(url)
    }
    load(url) {
      return new Promise((done, failed) => {
        const script = this.inside.document.createElement("script")
        script.onload = done
        script.onerror = failed
        script.src = url
        this.inside.document.body.appendChild(script)
      })
    }
    set onmessage(listener) {
      this.addEventListener("message", listener)
    }
    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })))
    }
    terminate() {}
  }
