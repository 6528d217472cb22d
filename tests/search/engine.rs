//! The reader of the browser in an embedded JavaScript engine, with the little
//! of a browser that it needs: fetch, DecompressionStream and TextDecoder.

use rquickjs::{ArrayBuffer, Context, Ctx, Function, Module, Promise, Runtime};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::rc::Rc;

/// A pack as a static host would serve it.
pub type Files = Rc<RefCell<Pack>>;

/// Its files by path.
pub type Pack = BTreeMap<String, Vec<u8>>;

const BROWSER: &str = r#"
globalThis.fetch = async (path, options) => {
  const body = hostFetch(path, options?.cache === "reload");
  return { ok: body !== undefined, status: body === undefined ? 404 : 200, arrayBuffer: async () => body };
};
globalThis.TextDecoder = class { decode(bytes) { return hostDecode(Array.from(bytes)); } };
globalThis.DecompressionStream = class {
  constructor() {
    let give;
    const input = new Promise(resolve => give = resolve);
    this.writable = { getWriter: () => ({ write: async bytes => give(bytes), close: async () => {} }) };
    let done = false;
    this.readable = { getReader: () => ({ read: async () => {
      if (done) return { done };
      done = true;
      const bytes = hostInflate(Array.from(await input));
      if (bytes === undefined) throw new TypeError("cannot inflate");
      return { done: false, value: new Uint8Array(bytes) };
    } }) };
  }
};
globalThis.answers = async list => {
  const reader = open("/pack", {});
  const out = [];
  for (const [query, options] of JSON.parse(list)) out.push(await reader.search(query, options));
  // Facets are counted here, after all later queries have been answered.
  return JSON.stringify(out);
};
globalThis.analysed = async text => JSON.stringify(words(text).map(({ text, kind }) => [text, kind]));
"#;

/// An engine with the reader loaded.
pub struct Engine {
    context: Context,
    /// What the host serves; may be changed between queries.
    pub files: Files,
    /// What a fetch past the browser's cache gives instead.
    pub fresh: Files,
    /// Paths fetched so far.
    pub fetched: Rc<RefCell<Vec<String>>>,
}

impl Engine {
    /// Loads the theme's reader over a pack.
    pub fn new(pack: Pack) -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default/static/search/reader.js");
        Self::of(&std::fs::read_to_string(path).expect("the reader"), pack)
    }

    /// Loads a reader, given its source, over a pack.
    pub fn of(source: &str, pack: Pack) -> Self {
        let files: Files = Rc::new(RefCell::new(pack));
        let (fresh, fetched) = (Files::default(), Rc::default());
        let runtime = Runtime::new().expect("an engine");
        let context = Context::full(&runtime).expect("a context");
        context
            .with(|ctx| load(&ctx, source, [&files, &fresh], &fetched).expect("the reader loads"));
        Self { context, files, fresh, fetched }
    }

    /// Answers queries (pairs of text and options) with one reader.
    pub fn answers(&self, queries: &serde_json::Value) -> Vec<serde_json::Value> {
        serde_json::from_str(&self.call("answers", &queries.to_string())).expect("JSON")
    }

    /// What the reader's analyser makes of a text.
    pub fn analysed(&self, text: &str) -> Vec<(String, String)> {
        serde_json::from_str(&self.call("analysed", text)).expect("JSON")
    }

    /// Calls a function of the engine that takes a string and promises one.
    pub fn call(&self, name: &str, argument: &str) -> String {
        self.context.with(|ctx| {
            let function: Function = ctx.globals().get(name).expect("a function");
            let promise: Promise = function.call((argument,)).expect("a call");
            promise.finish().unwrap_or_else(|_| panic!("{name}: {:?}", ctx.catch()))
        })
    }
}

fn load<'js>(
    ctx: &Ctx<'js>,
    source: &str,
    [files, fresh]: [&Files; 2],
    fetched: &Rc<RefCell<Vec<String>>>,
) -> rquickjs::Result<()> {
    let (files, fresh, fetched) = (files.clone(), fresh.clone(), fetched.clone());
    let fetch = move |ctx: Ctx<'js>, path: String, reload: bool| {
        let path = path.trim_start_matches("/pack/").to_string();
        let newer = fresh.borrow().get(&path).filter(|_| reload).cloned();
        let body = newer.or_else(|| files.borrow().get(&path).cloned());
        fetched.borrow_mut().push(path);
        body.map(|bytes| ArrayBuffer::new(ctx, bytes)).transpose()
    };
    let inflate = |ctx: Ctx<'js>, bytes: Vec<u8>| {
        let mut out = Vec::new();
        let read = flate2::read::DeflateDecoder::new(&*bytes).read_to_end(&mut out);
        read.ok().map(|_| ArrayBuffer::new(ctx, out)).transpose()
    };
    let decode = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let globals = ctx.globals();
    globals.set("hostFetch", Function::new(ctx.clone(), fetch)?)?;
    globals.set("hostInflate", Function::new(ctx.clone(), inflate)?)?;
    globals.set("hostDecode", Function::new(ctx.clone(), decode)?)?;
    ctx.eval::<(), _>(BROWSER)?;
    let (module, loaded) = Module::declare(ctx.clone(), "reader", source)?.eval()?;
    loaded.finish::<()>()?;
    for name in ["open", "words"] {
        globals.set(name, module.get::<_, Function>(name)?)?;
    }
    Ok(())
}
