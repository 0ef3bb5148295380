// The secret of a personal link stands behind the # of the address, which browsers
// send to nobody. It is put into the form and sent once, and leaves the address.
(() => {
  const code = location.hash.slice(1);
  if (!/^[0-9A-Za-z]{40,100}$/.test(code)) return;
  history.replaceState(null, "", location.pathname);
  const form = document.getElementById("enter");
  form.elements.code.value = code;
  form.submit();
})();
