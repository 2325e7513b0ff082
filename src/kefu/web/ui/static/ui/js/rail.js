// On a phone the rail is a bar that scrolls sideways: it begins where one is.
function showCurrent() {
  for (const rail of document.querySelectorAll(".rail")) {
    const here = rail.querySelector('[aria-current="page"], [aria-current="true"]');
    if (!here || rail.scrollWidth <= rail.clientWidth) continue;
    const by = here.getBoundingClientRect().left - rail.getBoundingClientRect().left;
    rail.scrollLeft += by - (rail.clientWidth - here.offsetWidth) / 2;
  }
}
showCurrent();
