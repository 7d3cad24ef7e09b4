/**
 * The only script of the report: a click on a column's title sorts the boards by it, a second click turns the
 * order. Without it the page is complete.
 */
export const SCRIPT = `
document.querySelectorAll('.sortable').forEach(function (table) {
  var heads = table.querySelectorAll('thead th'), body = table.tBodies[0];
  heads.forEach(function (head, column) {
    head.querySelector('button').addEventListener('click', function () {
      var down = head.getAttribute('aria-sort') !== 'descending';
      heads.forEach(function (other) { other.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      var key = function (row) { var cell = row.cells[column]; return Number(cell.dataset.v || cell.textContent); };
      Array.from(body.rows).sort(function (a, b) { return (key(a) - key(b)) * (down ? -1 : 1); }).forEach(function (row) { body.appendChild(row); });
    });
  });
});
`;
