// Draws the charts of a page. What lies where was computed before, exactly; here it is only drawn:
// positions are whole numbers, every text stands in the data as it is shown.
"use strict";
(function () {
  const charts = JSON.parse(document.getElementById("chart-data").textContent);
  const ink = "#1d2733";
  Chart.defaults.animation = false;
  Chart.defaults.color = ink;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

  // The figure of a bar beside it, so that paper shows it too.
  const figures = {
    id: "figures",
    afterDatasetsDraw(chart, _, options) {
      const draw = chart.ctx;
      draw.save();
      draw.font = "11px " + Chart.defaults.font.family;
      draw.fillStyle = ink;
      draw.textBaseline = "middle";
      chart.data.datasets.forEach((dataset, series) => {
        chart.getDatasetMeta(series).data.forEach((bar, index) => {
          const text = options.texts[series][index];
          if (options.across) {
            const left = dataset.data[index] < 0;
            draw.textAlign = left ? "right" : "left";
            draw.fillText(text, bar.x + (left ? -4 : 4), bar.y);
          } else {
            draw.textAlign = "center";
            draw.fillText(text, bar.x, bar.y - 8);
          }
        });
      });
      draw.restore();
    },
  };

  for (const one of charts) {
    const values = one.across ? "x" : "y";
    const names = one.across ? "y" : "x";
    const texts = one.series.map((series) => series.texts);
    new Chart(document.getElementById(one.id), {
      type: "bar",
      plugins: [figures],
      data: {
        labels: one.labels,
        datasets: one.series.map((series) => ({
          label: series.name,
          data: series.at,
          backgroundColor: series.colors,
          maxBarThickness: 28,
        })),
      },
      options: {
        indexAxis: names,
        responsive: true,
        maintainAspectRatio: false,
        layout: { padding: { top: 16, right: 90, left: one.min < 0 ? 90 : 0 } },
        scales: {
          [values]: {
            min: one.min,
            max: one.max,
            title: { display: one.unit !== "", text: one.unit },
            grid: { color: "#e4e9ee" },
            afterBuildTicks(axis) {
              axis.ticks = one.ticks.map((tick) => ({ value: tick.at }));
            },
            ticks: { autoSkip: false, callback: (_, index) => one.ticks[index].text },
          },
          [names]: { grid: { display: false }, ticks: { autoSkip: false } },
        },
        plugins: {
          figures: { texts, across: one.across },
          legend: { display: one.series.length > 1, align: "start" },
          tooltip: { callbacks: { label: (item) => texts[item.datasetIndex][item.dataIndex] } },
        },
      },
    });
  }
  document.documentElement.dataset.charts = String(charts.length);
})();
