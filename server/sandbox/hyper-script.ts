import type { FastifyInstance } from 'fastify'

/**
 * The browser script: the call sequence and events of HyperServices (reference 8), driven by the hosted page in a frame.
 * Events reach the callback as objects shaped like Juspay's.
 */
const SCRIPT = `(function () {
  'use strict'
  var home = new URL(document.currentScript.src).origin
  var STYLE = 'border:0;width:100%;height:100%;min-height:640px;display:block;background:transparent'
  var HEIGHT_MAX = 4000
  var BACK_TIMEOUT_MS = 4000
  var OVERLAY = 'position:fixed;inset:0;z-index:2147483000;overflow:auto;background:#fff'

  function text(value) { return typeof value === 'string' ? value : '' }
  function asObject(payload) { return typeof payload === 'string' ? JSON.parse(payload) : payload || {} }

  function HyperServices() {
    this.callback = null
    this.setup = null
    this.frame = null
    this.overlay = null
    this.listener = null
    this.giveUp = null
    this.request = null
  }

  HyperServices.preFetch = function () {
    var link = document.createElement('link')
    link.rel = 'preconnect'
    link.href = home
    document.head.appendChild(link)
  }
  HyperServices.prototype.preFetch = HyperServices.preFetch

  HyperServices.prototype.emit = function (request, name, payload, problem) {
    if (!this.callback) return
    this.callback({
      requestId: text(request.requestId),
      service: text(request.service),
      event: name,
      payload: payload,
      error: Boolean(problem),
      errorCode: problem ? problem[0] : '',
      errorMessage: problem ? problem[1] : ''
    })
  }

  HyperServices.prototype.initiate = function (payload, callback) {
    var request = asObject(payload)
    var inner = asObject(request.payload)
    var self = this
    function finish(problem) {
      if (self.callback !== callback) return
      if (!problem) self.setup = inner
      self.emit(request, 'initiate_result', { action: 'initiate', status: problem ? 'failure' : 'success' }, problem)
    }
    this.callback = callback
    setTimeout(function () {
      if (!text(inner.merchantId)) finish(['JP_001', 'merchantId is missing in the initiate payload'])
      else if (!text(inner.clientId)) finish(['JP_001', 'clientId is missing in the initiate payload'])
      else if (inner.action !== 'initiate') finish(['JP_001', 'action must be initiate'])
      else if (text(inner.signaturePayload)) self.verify(inner, finish)
      else finish(null)
    }, 0)
  }

  HyperServices.prototype.verify = function (inner, finish) {
    var form = new URLSearchParams()
    form.set('merchantId', inner.merchantId)
    form.set('signaturePayload', inner.signaturePayload)
    form.set('signature', text(inner.signature))
    form.set('merchantKeyId', text(inner.merchantKeyId))
    fetch(home + '/payment-page/sdk/initiate', { method: 'POST', body: form })
      .then(function (response) { return response.json() })
      .then(
        function (answer) { finish(answer.problem === null ? null : ['JP_001', text(answer.problem)]) },
        function () { finish(['JP_005', 'The payment service did not answer']) }
      )
  }

  HyperServices.prototype.isInitialised = function () { return this.setup !== null }
  HyperServices.prototype.isInitialized = HyperServices.prototype.isInitialised

  HyperServices.prototype.isNull = function () { return this.setup === null }

  HyperServices.prototype.pageAddress = function (inner, embedded, back) {
    var query = new URLSearchParams()
    if (embedded) { query.set('embed', '1'); query.set('origin', location.origin) }
    if (text(inner.clientAuthToken)) query.set('token', inner.clientAuthToken)
    if (text(inner.orderDetails)) {
      query.set('order_details', inner.orderDetails)
      query.set('signature', text(inner.signature))
      query.set('merchant_key_id', text(inner.merchantKeyId))
    }
    return home + '/payment-page/sdk' + (back ? '/back' : '') + '?' + query.toString()
  }

  HyperServices.prototype.container = function (inner) {
    var id = text(inner.hyperSDKDiv) || text(this.setup.hyperSDKDiv)
    var found = id ? document.getElementById(id) : null
    if (found) return found
    this.overlay = document.createElement('div')
    this.overlay.style.cssText = OVERLAY
    document.body.appendChild(this.overlay)
    return this.overlay
  }

  HyperServices.prototype.process = function (payload) {
    var request = asObject(payload)
    var inner = asObject(request.payload)
    var self = this
    if (!this.setup) {
      var notReady = ['JP_001', 'initiate was not called or has not succeeded']
      this.emit(request, 'process_result', { action: text(inner.action), orderId: text(inner.orderId), status: 'api_failure' }, notReady)
      return
    }
    if (this.setup.integrationType === 'redirection') {
      location.assign(this.pageAddress(inner, false))
      return
    }
    this.close()
    this.emit(request, 'show_loader', {}, null)
    var frame = document.createElement('iframe')
    frame.title = 'Payment'
    frame.allow = 'payment *'
    frame.style.cssText = STYLE
    frame.addEventListener('load', function () { self.emit(request, 'hide_loader', {}, null) }, { once: true })
    this.listener = function (event) {
      if (event.origin !== home || !self.frame || event.source !== self.frame.contentWindow) return
      var said = event.data
      if (!said || said.source !== 'juspay-sandbox') return
      if (typeof said.height === 'number') frame.style.height = Math.min(said.height, HEIGHT_MAX) + 'px'
      else self.finish(said)
    }
    window.addEventListener('message', this.listener)
    this.request = request
    this.frame = frame
    frame.src = this.pageAddress(inner, true)
    this.container(inner).appendChild(frame)
  }

  HyperServices.prototype.finish = function (result) {
    var request = this.request
    var inner = asObject(request.payload)
    var orderId = result.orderId || text(inner.orderId)
    this.close()
    if (result.expired) this.emit(request, 'sessionExpired', { orderId: orderId }, null)
    var outcome = {
      action: text(inner.action),
      orderId: orderId,
      status: result.status,
      paymentInstrument: text(result.paymentInstrument),
      paymentInstrumentGroup: text(result.paymentInstrumentGroup),
      otherInfo: result.returnUrl ? { url: result.returnUrl } : {}
    }
    this.emit(request, 'process_result', outcome, result.error ? [result.errorCode, result.errorMessage] : null)
  }

  HyperServices.prototype.close = function () {
    if (this.listener) window.removeEventListener('message', this.listener)
    if (this.frame) this.frame.remove()
    if (this.overlay) this.overlay.remove()
    clearTimeout(this.giveUp)
    this.listener = null
    this.frame = null
    this.overlay = null
  }

  // Only the server knows whether an attempt was open: the frame asks it, and says the result as ever.
  HyperServices.prototype.onBackPressed = function () {
    if (this.frame === null) return false
    var self = this
    var address = this.pageAddress(asObject(this.request.payload), true, true)
    this.frame.contentWindow.location.replace(address)
    clearTimeout(this.giveUp)
    this.giveUp = setTimeout(function () {
      self.finish({ status: 'user_aborted', error: true, errorCode: 'JP_002', errorMessage: 'User aborted the payment' })
    }, BACK_TIMEOUT_MS)
    return true
  }

  HyperServices.prototype.terminate = function () {
    this.close()
    this.callback = null
    this.setup = null
  }

  window.HyperServices = HyperServices
})()
`

/** Serves the script at the path where Juspay publishes its own. */
export function registerHyperScript(app: FastifyInstance): void {
  app.get('/hyper-sdk-web/HyperServices.js', (_request, reply) =>
    reply
      .headers({ 'cross-origin-resource-policy': 'cross-origin', 'cache-control': 'no-cache' })
      .type('text/javascript; charset=utf-8')
      .send(SCRIPT),
  )
}
